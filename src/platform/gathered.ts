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
