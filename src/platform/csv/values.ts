/** What people and programs write where they have nothing to write. */
const NOTHING = /^(?:[-–—._?#]+|null|\(null\)|nan|nat|n\/?a|#n\/a|#null!|#ref!|#value!|#div\/0!|#name\?|none|nothing|blank|\(blank\)|empty|\[\]|\{\})$/i;

/** Whether a cell says nothing: `-`, `NULL`, `nan`, `N/A`, `None` and the like, or what a formula that failed leaves. */
export const saysNothing = (cell: string): boolean => cell === '' || NOTHING.test(cell);

/** A cell, trimmed; empty where it says nothing. */
export function said(cell: string): string {
  const text = cell.trim();
  return saysNothing(text) ? '' : text;
}

const FLOAT = /^(-?\d+)\.0+$/;
const THOUSANDS = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** A number or code as it is meant, whatever a spreadsheet or pandas made of it: `4` of `4.0`, `476200` of `476,200`, `'12` without its mark. */
export function asNumber(cell: string): string {
  const text = cell.trim().replace(/^'/, '');
  return (THOUSANDS.test(text) ? text.replaceAll(',', '') : text).replace(FLOAT, '$1');
}

/** The name of a column for comparing: letters and digits only, small. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Whether a text was UTF-8 that a program took for Windows-1252 and wrote again: `CafÃ©`, `Maryâ€™s`. */
export const looksGarbled = (text: string): boolean => /Ã[\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™œ\u009D˜“”¦]|Â[£°\u00A0]/.test(text);
