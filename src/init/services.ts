import type { Step } from './workflow.ts';

/** Words that name a part of a pipeline and no service. */
const generic =
  /^(?:deploy(?:ment)?|build|ship|release|publish|tests?|lint|image|docker|prod(?:uction)?|staging|dev|preview|changes|ci|cd|main|database|db|migrat\w*|smoke|e2e|check|verify|rollback|notify|all)$/i;

const label = /^[A-Za-z][\w-]{0,63}$/;
const isExpression = (text: string): boolean => /^\$\{\{\s*matrix\.\w+\s*\}\}$/.test(text);

/** Ways in which commands name the service that they are about. */
const named: readonly RegExp[] = [
  /--(?:service|app|project-name)[ =]["']?(\$\{\{[^}]*\}\}|[\w$-]+)/,
  /\bhelm (?:upgrade|install|rollback) (?:-\S+ )*([\w-]+)/,
  /\bdeployments?\/([\w-]+)/,
  /\byarn workspace ([\w-]+)/,
  /--filter[ =]["']?@?(?:[\w-]+\/)?([\w-]+)/,
  /\/(\$\{\{[^}]*\}\}|[\w-]+):(?:\$|v?\d|latest)/,
];

/** Ways in which actions do. */
const inputs = ['service', 'app-name', 'app_name', 'function-name', 'image', 'images', 'tags'] as const;

function fromVariable(name: string, step: Step): string | undefined {
  const value = /^\$\{?(\w+)\}?$/.exec(name)?.[1];
  return value === undefined ? name : step.env[value];
}

/** The service that a step names itself. */
export function namedService(step: Step): string | undefined {
  const texts = [step.run ?? '', ...inputs.flatMap((key) => step.with[key] ?? [])];
  for (const text of texts) {
    const direct = text === step.run ? undefined : text.trim();
    const candidates = [...named.flatMap((pattern) => pattern.exec(text)?.[1] ?? []), direct ?? ''];
    for (const candidate of candidates) {
      const name = fromVariable(candidate, step);
      if (name && (isExpression(name) || (label.test(name) && !generic.test(name)))) return name;
    }
  }
  return undefined;
}

/** The service that a job is called after: `deploy-api` is about `api`. */
export function serviceOfJob(id: string): string | undefined {
  const name = id.replace(/^(?:deploy|build|release|ship|publish|test)[-_](?:to[-_])?/i, '');
  return label.test(name) && !generic.test(name) ? name : undefined;
}

/** The service whose folder a step works in. */
export function serviceOfFolder(step: Step): string | undefined {
  const folder = step.workingDirectory?.replace(/^\.\//, '').split('/').filter(Boolean).at(-1);
  return folder !== undefined && label.test(folder) && !generic.test(folder) ? folder : undefined;
}

/** A known service among the words of a step's commands. */
export const mentioned = (step: Step, known: ReadonlySet<string>): string | undefined =>
  (step.run ?? '').split(/[\s'"=/]+/).find((word) => known.has(word));
