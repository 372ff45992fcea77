import { emptySummary, formatSummary } from '../../src/schools/import/summary.js';

test('the rejected rows come first, the counts last', () => {
  const summary = {
    ...emptySummary('extract.csv'),
    rows: 6023,
    schools: { added: 5000, changed: 3, unchanged: 1018, closed: 2, withoutPlace: 1, repeated: 0, elsewhere: 1 },
    rejected: [{ line: 6024, reason: 'it has no URN' }],
  };
  expect(formatSummary(summary).split('\n')).toEqual([
    'extract.csv, line 6024: it has no URN.',
    'extract.csv: 6,023 rows, 1 rejected.',
    'Schools: 5,000 added, 3 changed, 1,018 unchanged; 2 newly closed.',
    '1 school without a usable grid reference: not found by distance.',
    '1 row left out: not schools in England.',
  ]);
});

test('a long list of rejected rows is cut short', () => {
  const rejected = Array.from({ length: 1200 }, (_, i) => ({ line: i + 2, reason: 'it has no URN' }));
  const lines = formatSummary({ ...emptySummary('extract.csv'), rows: 1200, rejected }).split('\n');
  expect(lines).toHaveLength(52);
  expect(lines.slice(-2)).toEqual(['… and 1,150 more rejected rows.', 'extract.csv: 1,200 rows, 1,200 rejected. Nothing was imported.']);
});

test('a file of links has its own counts', () => {
  const summary = { ...emptySummary('links.csv'), rows: 4, links: { added: 1, changed: 0, unchanged: 2, removed: 1, waiting: 3, leftOut: 1, unclear: ['912321 and 912322: nothing tells which of the two became the other'] } };
  expect(formatSummary(summary).split('\n')).toEqual([
    'links.csv: 4 rows, 0 rejected.',
    'Successor links: 1 added, 0 changed, 2 unchanged; 1 left out (no succession, or unclear which way).',
    '1 succession said no more: what followed from it has ended.',
    '3 links of schools that are not known yet: kept until they are.',
    'Left out: 912321 and 912322: nothing tells which of the two became the other.',
  ]);
});
