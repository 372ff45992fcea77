import { MeilisearchApiError, type MultiSearchResponse } from 'meilisearch';
import type { Query } from '../../src/search/meilisearch/query.js';
import { together } from '../../src/search/meilisearch/together.js';

type Results = MultiSearchResponse['results'];

/** A server that answers each query with its words, and refuses `nonsense`. */
function asked(fault: Error | null = null) {
  const requests: string[][] = [];
  const ask = together(async (queries) => {
    requests.push(queries.map(({ q }) => q!));
    if (fault) throw fault;
    if (queries.some(({ q }) => q === 'nonsense')) throw new MeilisearchApiError(new Response('{}', { status: 400 }), { message: 'no', code: 'invalid_search_filter', type: 'invalid_request', link: '' });
    return queries.map(({ q }) => ({ query: q })) as Results;
  });
  const search = async (...words: string[]) => (await ask(words.map((q): Query => ({ q })))).map(({ query }) => query);
  return { requests, search };
}

test('searches that begin together go in one request, a few at a time, and each gets its own answers', async () => {
  const { requests, search } = asked();
  const words = Array.from({ length: 6 }, (_, i) => [`page ${i}`, ...(i % 2 ? [`count ${i}`] : [])]);
  expect(await Promise.all(words.map((each) => search(...each)))).toEqual(words);
  expect(requests).toEqual([words.slice(0, 4).flat(), words.slice(4).flat()]);
});

test('one by itself goes at once', async () => {
  const { requests, search } = asked();
  expect(await search('alone')).toEqual(['alone']);
  expect(await search('again')).toEqual(['again']);
  expect(requests).toEqual([['alone'], ['again']]);
});

test('what the server cannot answer spoils nothing for the others', async () => {
  const { requests, search } = asked();
  const answers = await Promise.allSettled([search('one'), search('nonsense'), search('two')]);
  expect(answers).toMatchObject([{ value: ['one'] }, { reason: expect.any(MeilisearchApiError) }, { value: ['two'] }]);
  expect(requests).toEqual([['one', 'nonsense', 'two'], ['one'], ['nonsense'], ['two']]);
});

test('a server that does not answer is not asked again for each of them', async () => {
  const fault = new Error('too slow');
  const { requests, search } = asked(fault);
  expect(await Promise.allSettled([search('one'), search('two')])).toMatchObject([{ reason: fault }, { reason: fault }]);
  expect(requests).toHaveLength(1);
});
