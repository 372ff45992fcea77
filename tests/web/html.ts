import { HtmlValidate } from 'html-validate';

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'long-title': 'off', // titles name the provider or listing
    'no-trailing-whitespace': 'off', // templates leave some
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button', 'reset'] }],
  },
});

/** What is wrong with a page as HTML. */
export async function faultsOf(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) => result.messages.map(({ line, ruleId, message }) => `line ${line}: ${ruleId}: ${message}`));
}
