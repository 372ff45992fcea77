import { createHash } from 'node:crypto';
import { OperatorError } from '../platform/config.js';
import type { Served } from './record.js';

/** A file that was fetched, on this machine. */
export interface Fetched {
  path: string;
  name: string;
  served: Served | null;
}

export interface Bounds {
  mostBytes: number;
  fetchMs: number;
}

/** There is no file at that place, or none of that day. */
export class NothingThere extends OperatorError {}

/** What an address is told from others by. */
export const keyOf = (address: string): string => createHash('sha256').update(address).digest('hex').slice(0, 32);
