import { Directory1795000000004 } from './4-directory.js';
import { Identity1795000000003 } from './3-identity.js';
import { Platform1795000000001 } from './1-platform.js';
import { Schools1795000000002 } from './2-schools.js';
import { Search1795000000005 } from './5-search.js';

/** Every migration, oldest first. TypeORM orders by the number that ends each class name. */
export const migrations = [
  Platform1795000000001,
  Schools1795000000002,
  Identity1795000000003,
  Directory1795000000004,
  Search1795000000005,
];
