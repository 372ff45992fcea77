import { importKinds, importStarts } from '../../imports/index.js';
import type { ValidationProblem } from '../../platform/problem.js';
import { notFound } from '../errors.js';
import { first, type Form, invalidFields, keyOf, newForm, type Refusal, refused, text } from '../forms.js';
import type { Answer, Pages, Visit } from '../site.js';
import { countsInWords, outcomeInWords } from './outcomes.js';
import { uploadOf, UPLOADS } from './upload.js';

interface Run {
  id: string;
  kind: keyof typeof importKinds;
  startedBy: keyof typeof importStarts;
  person: string | null;
  fileName: string | null;
  check: boolean;
  state: string;
  rows: number | null;
  rejected: number | null;
  report: string;
  fileId: string | null;
}

interface Runs {
  importRuns: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null }; nodes: Run[] };
}

/** Lines of a report on a page. */
const LINES = 200;

/** Imports: what was imported when and how it went, a file to be imported, the report. */
export function importPages(pages: Pages): void {
  pages.get('/service/imports', async (visit) => {
    const { query } = visit.request;
    const after = first(query['after']) || null;
    const { importRuns: { nodes, pageInfo, totalCount } } = await visit.query<Runs>('service/import-runs', { after });
    const older = pageInfo.hasNextPage ? `${UPLOADS}?after=${encodeURIComponent(pageInfo.endCursor!)}` : null;
    return { view: 'service/imports', data: { runs: nodes.map(inWords), totalCount, older, isFirst: after === null, done: first(query['done']), form: newForm() } };
  });

  pages.get('/service/imports/new', async (visit) => {
    await visit.query('service/import-access');
    return formPage(newForm({ check: ['yes'] }));
  });

  pages.post(UPLOADS, (visit) => sent(visit));

  pages.post(`${UPLOADS}/fetch`, async (visit) => {
    const { refusal } = await visit.mutate('service/fetch-imports', {});
    if (!refusal) return { redirect: `${UPLOADS}?done=fetch` };
    const { importRuns: { nodes, totalCount } } = await visit.query<Runs>('service/import-runs', { after: null });
    return { view: 'service/imports', data: { runs: nodes.map(inWords), totalCount, older: null, isFirst: true, form: refused({}, refusal, visit.request) } };
  });

  pages.get('/service/imports/:id', (visit) => runPage(visit));

  pages.post(`${UPLOADS}/:id`, async (visit) => {
    const run = await runOf(visit);
    const { id, refusal } = await visit.mutate('service/start-import', { input: { kind: run.kind, fileId: run.fileId ?? visit.param('id'), check: false }, key: keyOf(visit.request) });
    return refusal ? runPage(visit, refused({}, refusal, visit.request)) : { redirect: `${UPLOADS}/${id}` };
  });
}

const formPage = (form: Form): Answer => ({ view: 'service/import-form', data: { form, kinds: importKinds } });

/** The form with the file. What is wrong with it is told at once, and a file that has arrived need not be sent again. */
async function sent(visit: Visit): Promise<Answer> {
  const { request } = visit;
  const { file, problem } = uploadOf(request);
  const kind = text(request, 'kind');
  const values = { kind, check: text(request, 'check') ? ['yes'] : [], fileId: file?.id ?? text(request, 'fileId'), fileName: file?.name ?? text(request, 'fileName') };
  await visit.query('service/import-access');
  const wrong = [
    ...(Object.hasOwn(importKinds, kind) ? [] : [{ field: 'kind', message: 'Choose what is in the file.' }]),
    ...(values.fileId ? [] : ((problem as ValidationProblem | undefined)?.fields ?? [{ field: 'file', message: 'Choose the file.' }])),
  ];
  if (wrong.length > 0) return formPage(refused(values, invalidFields(wrong), request));
  const { id, refusal } = await visit.mutate('service/start-import', { input: { kind, fileId: values.fileId, check: values.check.length > 0 }, key: keyOf(request) });
  return refusal ? formPage(refused({ ...values, fileId: '' }, aboutFile(refusal), request)) : { redirect: `${UPLOADS}/${id}` };
}

const aboutFile = (refusal: Refusal): Refusal => (refusal.code === 'NOT_FOUND' ? invalidFields([{ field: 'file', message: 'The file is not kept any more. Choose it again.' }]) : refusal);

async function runOf(visit: Visit): Promise<Run> {
  const { importRun } = await visit.query<{ importRun: Run | null }>('service/import-run', { id: visit.param('id') });
  if (!importRun) throw notFound();
  return importRun;
}

async function runPage(visit: Visit, form?: Form): Promise<Answer> {
  const run = await runOf(visit);
  const lines = run.report.split('\n').filter(Boolean);
  const from = Math.min(Math.max(Number.parseInt(first(visit.request.query['from']), 10) || 1, 1), Math.max(1, lines.length));
  const here = `${UPLOADS}/${run.id}`;
  const to = Math.min(from - 1 + LINES, lines.length);
  return {
    view: 'service/import-run',
    data: {
      run: inWords(run),
      isOver: run.state !== 'WAITING' && run.state !== 'RUNNING',
      mayImport: run.check && run.fileId !== null && ['DONE', 'MANY_REJECTED'].includes(run.state),
      lines: lines.slice(from - 1, to),
      part: lines.length > LINES ? `Lines ${from} to ${to} of ${lines.length.toLocaleString('en-GB')}` : null,
      earlier: from > 1 ? `${here}?from=${Math.max(1, from - LINES)}` : null,
      later: to < lines.length ? `${here}?from=${to + 1}` : null,
      form: form ?? newForm(),
    },
  };
}

const inWords = (run: Run) => ({ ...run, what: importKinds[run.kind], how: run.person ?? importStarts[run.startedBy], outcome: outcomeInWords(run), counts: countsInWords(run) });
