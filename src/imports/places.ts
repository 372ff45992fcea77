import { copyFile, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { daysAfterDay } from '../platform/days.js';
import { OperatorError } from '../platform/config.js';
import { isAddress } from '../platform/import-settings.js';
import { fetchAddress } from './address.js';
import { type Bounds, type Fetched, keyOf, NothingThere } from './fetched.js';
import type { Served } from './record.js';

/** A place with a day in it: `{yyyyMMdd}`, `{yyyy-MM-dd}`, `{dd}` and the like. */
const DAY = /\{([yMd._/-]+)\}/g;
const onDay = (place: string, day: string): string => {
  const [year, month, date] = day.split('-') as [string, string, string];
  return place.replace(DAY, (_, form: string) => form.replace('yyyy', year).replace('yy', year.slice(2)).replace('MM', month).replace('dd', date));
};

/**
 * Brings the file of a place into a folder: the file itself, the newest of a folder, or what an address answers. A place
 * with a day in it is that of today or, where there is none yet, of yesterday.
 * @param today in England @param before what the place gave last @returns null: an address says that it has nothing newer
 * @throws OperatorError where there is none, or it cannot be had
 */
export async function fetchFrom(place: string, folder: string, today: string, before: Served | null, bounds: Bounds): Promise<Fetched | null> {
  const days = place.search(DAY) >= 0 ? [today, daysAfterDay(today, -1)] : [today];
  for (const [i, day] of days.entries()) {
    const there = onDay(place, day);
    try {
      return isAddress(there) ? await fetchAddress(there, folder, before?.address === keyOf(there) ? before : null, bounds) : await copied(there, folder);
    } catch (error) {
      if (!(error instanceof NothingThere) || i === days.length - 1) throw error;
    }
  }
  return null;
}

async function copied(place: string, folder: string): Promise<Fetched> {
  const path = await fileAt(place);
  const name = basename(path);
  try {
    await copyFile(path, join(folder, name)); // it is read several times, and somebody may replace it meanwhile
  } catch (error) {
    throw new OperatorError(`Cannot read ${path}: ${(error as Error).message}.`);
  }
  return { path: join(folder, name), name, served: null };
}

/** The file itself, or the newest in the folder, or of those of its pattern. */
async function fileAt(place: string): Promise<string> {
  const isPattern = basename(place).includes('*');
  const found = isPattern ? null : await stat(place).catch(() => null);
  if (found?.isFile()) return place;
  if (!isPattern && !found) throw new NothingThere(`There is no file or folder ${place}.`);
  const [folder, pattern] = isPattern ? [dirname(place), basename(place)] : [place, '*'];
  const wanted = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 'i');
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new NothingThere(`There is no folder ${folder}.`) : new OperatorError(`Cannot read the folder ${folder}: ${error.message}.`);
  });
  const tables = names.filter((name) => /^[^.].*\.(csv|tsv|txt|xlsx|zip)$/i.test(name) && wanted.test(name));
  const dated = await Promise.all(tables.map(async (name) => ({ name, at: dayInName(name) ?? (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0 })));
  const [newest] = dated.sort((a, b) => b.at - a.at || (a.name < b.name ? 1 : -1));
  if (!newest) throw new NothingThere(`There is no CSV file, Excel workbook or zip in ${place}.`);
  return join(folder, newest.name);
}

/** The moment at which the last day in a name, such as `edubasealldata20261130.csv`, begins. */
function dayInName(name: string): number | null {
  const days = [...name.matchAll(/(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)/g)].map(([, year, month, day]) => Date.parse(`${year}-${month}-${day}`));
  return days.filter((at) => !Number.isNaN(at)).at(-1) ?? null;
}
