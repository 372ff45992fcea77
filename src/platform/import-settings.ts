import { z } from 'zod';
import { seconds, whole } from './setting-kinds.js';

/** From where files are fetched, when, and within which bounds. */
export interface ImportSettings {
  /** Folders, files and http(s) addresses by kind of import, in the order in which they are fetched. */
  from: { SCHOOLS: readonly string[]; PROVIDERS: readonly string[]; TERM_DATES: readonly string[] };
  /** The time of day in England from which on they are fetched, such as `03:30`. */
  at: string;
  /** The most bytes that a file may have that is sent, or fetched from an address. */
  mostBytes: number;
  /** The most that sending a file here may take, in ms. */
  uploadMs: number;
  /** The most that fetching one from an address may take, in ms. */
  fetchMs: number;
}

const MEGABYTE = 1_000_000;

export const defaultImportSettings: ImportSettings = {
  from: { SCHOOLS: [], PROVIDERS: [], TERM_DATES: [] },
  at: '03:30',
  mostBytes: 100 * MEGABYTE,
  uploadMs: 600_000,
  fetchMs: 600_000,
};

/** Between two places: a blank or comma before what begins like an address or a path. */
const BETWEEN = /[\s,]+(?=https?:\/\/|\.{0,2}\/)/;

export const isAddress = (place: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(place);

const places = (name: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.trim().split(BETWEEN).filter(Boolean))
    .refine((all) => all.every((place) => !isAddress(place) || isHttp(place)), `${name} must be folders, files, or addresses that begin with https:// or http://`);

const isHttp = (place: string) => /^https?:\/\//i.test(place) && URL.canParse(place);

export const importSettings = {
  IMPORT_SCHOOLS_FROM: places('IMPORT_SCHOOLS_FROM'),
  IMPORT_PROVIDERS_FROM: places('IMPORT_PROVIDERS_FROM'),
  IMPORT_TERM_DATES_FROM: places('IMPORT_TERM_DATES_FROM'),
  IMPORT_AT: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'IMPORT_AT must be a time of day, such as 03:30').default(defaultImportSettings.at),
  IMPORT_MOST_MB: whole('IMPORT_MOST_MB', 1, 2000).default(defaultImportSettings.mostBytes / MEGABYTE),
  IMPORT_UPLOAD_SECONDS: seconds('IMPORT_UPLOAD_SECONDS').default(defaultImportSettings.uploadMs),
  IMPORT_FETCH_SECONDS: seconds('IMPORT_FETCH_SECONDS').default(defaultImportSettings.fetchMs),
};

type ReadImportSettings = z.output<z.ZodObject<typeof importSettings>>;

export const importSettingsOf = (read: ReadImportSettings): ImportSettings => ({
  from: { SCHOOLS: read.IMPORT_SCHOOLS_FROM, PROVIDERS: read.IMPORT_PROVIDERS_FROM, TERM_DATES: read.IMPORT_TERM_DATES_FROM },
  at: read.IMPORT_AT,
  mostBytes: read.IMPORT_MOST_MB * MEGABYTE,
  uploadMs: read.IMPORT_UPLOAD_SECONDS,
  fetchMs: read.IMPORT_FETCH_SECONDS,
});
