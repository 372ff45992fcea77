import { z } from 'zod';

const number = (name: string, least: number, most: number) => {
  const error = `${name} must be a number from ${least} to ${most}`;
  return z.coerce.number({ error }).min(least, error).max(most, error);
};
export const whole = (name: string, least: number, most: number) => number(name, least, most).int(`${name} must be a whole number`);
/** Given in seconds, read as ms. */
export const seconds = (name: string, least = 0.1, most = 86_400) => number(name, least, most).transform((value) => value * 1000);
