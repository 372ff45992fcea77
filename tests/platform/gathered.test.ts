import { gathering } from '../../src/platform/database/gathered.js';

/** What has been asked, with the means to answer it. */
function asked() {
  const questions: { keys: readonly string[]; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
  const gather = gathering<string, string>();
  const ask = (keys: readonly string[]) => gather('', (all) => new Promise((answer, fail) => questions.push({ keys: all, answer, fail })), keys);
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

describe('what several ask alike', () => {
  function sharing() {
    const questions: { question: string; answer: (text: string) => void; fail: (error: Error) => void }[] = [];
    const gather = gathering<never, string>();
    return { questions, ask: (question: string) => gather(question, () => new Promise((answer, fail) => questions.push({ question, answer, fail }))) };
  }

  test('is asked once for all who ask at the same time, and once for all who ask meanwhile, after they asked', async () => {
    const { questions, ask } = sharing();
    const early = ask('a');
    await soon();
    const late = [ask('a'), ask('a')];
    await soon();
    expect(questions).toHaveLength(1);
    questions[0]!.answer('old');
    expect(await early).toBe('old');
    await soon();
    const later = ask('a');
    await soon();
    expect(questions).toHaveLength(2);
    questions[1]!.answer('new');
    expect(await Promise.all(late)).toEqual(['new', 'new']);
    await soon();
    questions[2]!.answer('newest');
    expect(await later).toBe('newest');
    await soon();
    void ask('a');
    await soon();
    expect(questions).toHaveLength(4); // nobody is in the way any more
  });

  test('is not mixed with what others ask, and a fault is told to those who asked', async () => {
    const { questions, ask } = sharing();
    const [a, b] = [ask('a'), ask('b')];
    await soon();
    const again = ask('a');
    expect(questions.map(({ question }) => question)).toEqual(['a', 'b']);
    questions[0]!.fail(new Error('gone'));
    await expect(a).rejects.toThrow('gone');
    questions[1]!.answer('b');
    expect(await b).toBe('b');
    await soon();
    questions[2]!.answer('a');
    expect(await again).toBe('a');
  });
});
