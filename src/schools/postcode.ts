/** A postcode in capitals with one space, so that equal ones are equal texts; undefined for what is none. */
export function postcodeOf(text: string): string | undefined {
  const found = /^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/.exec(text.toUpperCase().replace(/\s/g, ''));
  return found ? `${found[1]} ${found[2]}` : undefined;
}
