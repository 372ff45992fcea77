/**
 * Has all requests of the process that ask the same question at the same time answered in one go, with the keys of all of
 * them. Whoever asks while an answer is under way gets the next one, which is begun after they asked: nobody is told what
 * was true before. Nobody may change what they are given.
 * @returns a function that takes the question, how it is asked, and for which keys; each key is asked for once
 */
export function gathering<Key, Answer>(): (question: string, ask: (keys: readonly Key[]) => Promise<Answer>, keys?: readonly Key[]) => Promise<Answer> {
  const planned = new Map<string, { keys: Set<Key>; answer: Promise<Answer> }>();
  const underWay = new Map<string, Promise<void>>();
  const plan = (question: string, ask: (keys: readonly Key[]) => Promise<Answer>) => {
    const keys = new Set<Key>();
    const answer = (underWay.get(question) ?? endOfTurn()).then(() => {
      planned.delete(question);
      return ask([...keys]);
    });
    const forget = () => void (underWay.get(question) === ended && underWay.delete(question));
    const ended = answer.then(forget, forget); // whoever asked is told of a fault
    underWay.set(question, ended);
    return { keys, answer };
  };
  return (question, ask, keys = []) => {
    let next = planned.get(question);
    if (!next) planned.set(question, (next = plan(question, ask)));
    for (const key of keys) next.keys.add(key);
    return next.answer;
  };
}

/** After all that this turn of the event loop brings. */
const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
