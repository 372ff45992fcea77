import { gathered } from '../../src/platform/gathered.js';

/** What has been asked, with the means to answer it. */
function asked() {
  const questions: { keys: readonly string[]; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
  const ask = gathered((keys: readonly string[]) => new Promise<string>((answer, fail) => questions.push({ keys, answer, fail })));
  return { questions, ask };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('those who ask at the same time are asked for in one go, each key once', async () => {
  const { questions, ask } = asked();
  const answers = [ask(['a', 'b']), ask(['b', 'c']), ask([])];
  await soon();
  expect(questions.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
  questions[0]!.answer('yes');
  expect(await Promise.all(answers)).toEqual(['yes', 'yes', 'yes']);
});

test('whoever asks while an answer is under way gets one that is begun afterwards', async () => {
  const { questions, ask } = asked();
  const early = ask(['a']);
  await soon();
  const late = [ask(['a']), ask(['b'])];
  await soon();
  expect(questions).toHaveLength(1);
  questions[0]!.answer('old');
  expect(await early).toBe('old');
  await soon();
  expect(questions[1]!.keys).toEqual(['a', 'b']);
  questions[1]!.answer('new');
  expect(await Promise.all(late)).toEqual(['new', 'new']);
});

test('a fault is told to those who asked, and the next are asked for all the same', async () => {
  const { questions, ask } = asked();
  const [one, other] = [ask(['a']), ask(['b'])];
  await soon();
  const next = ask(['c']);
  questions[0]!.fail(new Error('gone'));
  await expect(one).rejects.toThrow('gone');
  await expect(other).rejects.toThrow('gone');
  await soon();
  expect(questions[1]!.keys).toEqual(['c']);
  questions[1]!.answer('back');
  expect(await next).toBe('back');
});
