import fc from 'fast-check';

const long = process.env['LONG_TESTS'] === '1';

/** How many of the runs that a property is to have are made: a tenth in `npm test`, all in `npm run test:long`. */
export const runs = (whole: number): number => (long ? whole : Math.ceil(whole / 10));

// One seed, so that a run can be repeated; another one by SEED=...
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20260907), endOnFailure: true }); // a database is not set back for shrinking
