import { domainToASCII } from 'node:url';

const LONGEST = 254;
const LOCAL_PART = /^[^\s@"<>,;\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Surrogate}\p{Unassigned}\p{Private_Use}]+$/u;
const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*$/;
/** What would make a domain something else for `domainToASCII`, which reads it as the host of a web address. */
const NO_DOMAIN = /[%/\\?#:[\]@\p{Default_Ignorable_Code_Point}]/u;

/**
 * An e-mail address in the one form in which it is kept and compared: in small letters, the name before the @ in
 * Unicode's composed form, the domain as it is sent over the wire. Two spellings of one address are one person.
 * @returns null when it is no address
 */
export function normalEmail(typed: string): string | null {
  const [, local, domain] = /^(.*)@([^@]*)$/su.exec(typed.trim().toLowerCase()) ?? [];
  if (local === undefined || domain === undefined || NO_DOMAIN.test(domain)) return null;
  const [name, host] = [local.normalize('NFC'), domainToASCII(domain)];
  const email = `${name}@${host}`;
  return LOCAL_PART.test(name) && DOMAIN.test(host) && email.length <= LONGEST ? email : null;
}
