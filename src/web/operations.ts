import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where templates, operations and the style sheet are: they stay in src, the compiled code is in dist. */
export const webFolder = fileURLToPath(new URL('../../../src/web', import.meta.url));

/** The GraphQL operations of the pages by name: `directory/search` is `directory/search.graphql`. */
export class Operations {
  private readonly texts = new Map<string, string>();

  constructor(private readonly cached: boolean) {}

  text(name: string): string {
    const known = this.texts.get(name);
    if (known && this.cached) return known;
    const text = readFileSync(join(webFolder, `${name}.graphql`), 'utf8');
    this.texts.set(name, text);
    return text;
  }
}

export const operationNames = (): string[] =>
  readdirSync(webFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => file.replace(/\.graphql$/, ''))
    .sort();
