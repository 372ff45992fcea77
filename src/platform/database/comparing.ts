/**
 * SQL of conditions on texts in which every character stands for itself. LIKE takes %, _ and \ of what a person typed
 * for more, so the product has it with constant patterns only; a test looks.
 */
export const contains = (text: string, part: string) => `strpos(${text}, ${part}) > 0`;
/** PostgreSQL looks this up in an index as it does for LIKE. */
export const beginsWith = (text: string, beginning: string) => `${text} ^@ ${beginning}`;
