import type { Row } from './columns.js';

/** The types of establishment by GIAS's codes. */
const TYPES: Record<number, string> = {
  1: 'Community school', 2: 'Voluntary aided school', 3: 'Voluntary controlled school', 5: 'Foundation school', 6: 'City technology college',
  7: 'Community special school', 8: 'Non-maintained special school', 10: 'Other independent special school', 11: 'Other independent school',
  12: 'Foundation special school', 14: 'Pupil referral unit', 15: 'Local authority nursery school', 18: 'Further education', 24: 'Secure units',
  25: 'Offshore schools', 26: 'Service children\'s education', 27: 'Miscellaneous', 28: 'Academy sponsor led', 29: 'Higher education institutions',
  30: 'Welsh establishment', 31: 'Sixth form centres', 32: 'Special post 16 institution', 33: 'Academy special sponsor led', 34: 'Academy converter',
  35: 'Free schools', 36: 'Free schools special', 37: 'British schools overseas', 38: 'Free schools alternative provision', 39: 'Free schools 16 to 19',
  40: 'University technical college', 41: 'Studio schools', 42: 'Academy alternative provision converter',
  43: 'Academy alternative provision sponsor led', 44: 'Academy special converter', 45: 'Academy 16-19 converter',
  46: 'Academy 16 to 19 sponsor led', 47: 'Children\'s centre', 48: 'Children\'s centre linked site', 49: 'Online provider',
  56: 'Institution funded by other government department', 57: 'Academy secure 16 to 19',
};
const PHASES = ['Not applicable', 'Nursery', 'Primary', 'Middle deemed primary', 'Secondary', 'Middle deemed secondary', '16 plus', 'All-through'];
const GENDERS: Record<string, string> = { 0: 'Not applicable', 1: 'Boys', 2: 'Girls', 3: 'Mixed', 9: 'Not recorded' };
const REGIONS: Record<string, string> = {
  A: 'North East', B: 'North West', D: 'Yorkshire and the Humber', E: 'East Midlands', F: 'West Midlands', G: 'East of England', H: 'London',
  J: 'South East', K: 'South West', W: 'Wales (pseudo)', Z: 'Not applicable',
};

/** What is no school in England although GIAS has it: by its type, its authority or its region. */
const ELSEWHERE =
  /^(welsh establishment|offshore school|british schools? overseas|service children.?s education|children.?s centre|higher education|online provider|playing for success|ey setting|early years? setting|ict test bed|legacy type)/i;
const isWelshOrAbroad = (laCode: number) => laCode === 0 || (laCode >= 660 && laCode <= 681) || (laCode >= 701 && laCode <= 708);

const isCode = (text: string | undefined): text is string => text !== undefined && /^\d{1,2}(\.0+)?$/.test(text);

/** A row with the names of what it only has codes of. Old extracts have codes in columns that are called neither. */
export function withNames(row: Row): Row {
  return {
    ...row,
    ...named(row, 'type', row.typeCode, (code) => TYPES[Number(code)]),
    ...named(row, 'phase', row.phaseCode, (code) => PHASES[Number(code)]),
    ...named(row, 'gender', row.genderCode, (code) => GENDERS[Number(code)]),
    ...(row.region === undefined && row.regionCode !== undefined && { region: REGIONS[row.regionCode.toUpperCase()] ?? '' }),
  };
}

function named(row: Row, column: 'type' | 'phase' | 'gender', code: string | undefined, nameOf: (code: string) => string | undefined): Row {
  const given = row[column];
  const itsCode = isCode(given) ? given : given === undefined || given === '' ? code : undefined;
  if (!isCode(itsCode)) return {};
  return { [column]: nameOf(itsCode) ?? itsCode };
}

/** Whether GIAS has this establishment although it is no school in England. @param row with names */
export function isElsewhere(row: Row): boolean {
  const laCode = /^(\d{1,3})(\.0+)?$/.exec(row.laCode ?? '')?.[1];
  return ELSEWHERE.test(row.type ?? '') || (laCode !== undefined && isWelshOrAbroad(Number(laCode))) || /^wales\b/i.test(row.region ?? '');
}
