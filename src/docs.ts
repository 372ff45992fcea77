import { mkdirSync, writeFileSync } from 'node:fs';
import { assemble, processes } from './app.js';
import { printedSchema } from './graphql/schema.js';
import { systemClock } from './platform/clock.js';
import type { Database } from './platform/database/index.js';
import { checkProcess, documentProcesses } from './platform/process/index.js';

// `npm run docs`: writes what is generated from the code. Neither the schema nor the processes need a database.
const { schema } = assemble(Object.create(null) as Database, systemClock, { sessionSecrets: [''], publicUrl: 'http://localhost' });
processes.forEach(checkProcess);
mkdirSync('docs', { recursive: true });
writeFileSync('schema.graphql', printedSchema(schema));
writeFileSync('docs/processes.md', documentProcesses(processes));
