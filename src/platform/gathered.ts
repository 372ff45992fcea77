/**
 * Has all requests of the process that wait at the same time asked for in one go. Whoever asks while an answer is under
 * way gets the next one, which is begun after they asked: nobody is told what was true before.
 * @param ask for what depends on nobody's rights; told each key once
 */
export function gathered<Key, Answer>(ask: (keys: readonly Key[]) => Promise<Answer>): (keys: readonly Key[]) => Promise<Answer> {
  let next: { keys: Set<Key>; answer: Promise<Answer> } | null = null;
  let underWay: Promise<unknown> = Promise.resolve();
  const plan = () => {
    const keys = new Set<Key>();
    const answer = underWay.then(() => {
      next = null;
      return ask([...keys]);
    });
    underWay = answer.catch(() => {}); // whoever asked is told
    return { keys, answer };
  };
  return (keys) => {
    next ??= plan();
    for (const key of keys) next.keys.add(key);
    return next.answer;
  };
}

/**
 * Has what several ask alike at the same time asked once for all of them. Here too whoever asks while the answer is under
 * way gets the next one. Nobody may change what they are given.
 */
export function shared<Answer>(): (question: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const underWay = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<Answer>>();
  const begin = (question: string, ask: () => Promise<Answer>) => {
    next.delete(question);
    const answer = ask();
    const ended: Promise<void> = answer.then(
      () => forget(question, ended),
      () => forget(question, ended), // whoever asked is told
    );
    underWay.set(question, ended);
    return answer;
  };
  const forget = (question: string, ended: Promise<void>) => {
    if (underWay.get(question) === ended) underWay.delete(question);
  };
  return (question, ask) => {
    const waiting = next.get(question);
    if (waiting) return waiting;
    const before = underWay.get(question);
    if (!before) return begin(question, ask);
    const answer = before.then(() => begin(question, ask));
    next.set(question, answer);
    return answer;
  };
}
