import { domainToASCII } from 'node:url';

const LONGEST = 254;
const LONGEST_LOCAL_PART = 64;
/**
 * What stands before the @: words of letters, digits and a few signs, with single dots between them (a dot-atom). Nothing
 * that mail programs read as more than that: no comments, groups, quotes or escapes, no routes with % or !, no encoded words.
 */
const WORD = '[\\p{L}\\p{M}\\p{N}#$&\'*+/=?^_`{|}~-]+';
const LOCAL_PART = new RegExp(String.raw`^(?!.*=\?)${WORD}(?:\.${WORD})*$`, 'u');
const DOMAIN = /^(?=.{1,253}$)(?:(?![^.]{64})[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?![^.]{64})[a-z](?:[a-z0-9-]*[a-z0-9])?$/;
/** What would make a domain something else for `domainToASCII`, which reads it as the host of a web address. */
const NO_DOMAIN = /[%/\\?#:[\]@\p{Default_Ignorable_Code_Point}]/u;
/** No address has one, and some readers leave them out. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Surrogate}\p{Unassigned}\p{Private_Use}]/u;

/**
 * An e-mail address in the one form in which it is kept and compared, which is also the one that mail is delivered to: in
 * small letters, the name before the @ in Unicode's compatible form, the domain as it is sent over the wire. Two spellings
 * of one address are one person.
 * @returns null when it is no address
 */
export function normalEmail(typed: string): string | null {
  const [, local, domain] = /^(.*)@([^@]*)$/su.exec(typed.trim()) ?? [];
  if (local === undefined || domain === undefined || NO_DOMAIN.test(domain) || UNSEEN.test(local)) return null;
  const [name, host] = [small(local), domainToASCII(domain.toLowerCase())];
  const email = `${name}@${host}`;
  return LOCAL_PART.test(name) && DOMAIN.test(host) && Buffer.byteLength(name) <= LONGEST_LOCAL_PART && email.length <= LONGEST ? email : null;
}

/** In small letters and their compatible form; some letters have one only once they are small, or are capitals in it. */
function small(text: string): string {
  const smaller = text.normalize('NFKC').toLowerCase().normalize('NFKC');
  return smaller === text ? text : small(smaller);
}

/**
 * The mailbox that an address, as it is kept, leads to: what follows a plus does not matter, dots do. Two addresses of one
 * mailbox are one person's. The function `mailbox` of the database says the same.
 */
export const mailboxOf = (email: string): string => email.replace(/^([^+@]+)\+[^@]*@/, '$1@');
