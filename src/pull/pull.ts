import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { promqlVariables } from '../compile/index.ts';
import type { BuiltDashboard } from '../dashboards/index.ts';
import { type Change, differences } from '../diff/index.ts';
import { projectPath } from '../lib/root.ts';
import { queryProblems, type Vocabulary } from '../promql/index.ts';
import type { HandEdit } from '../provision/index.ts';
import { type Edit, edited, locate, type Sources, type Subject } from './locate.ts';
import { dashboardValues, panelValues, type Wanted } from './wanted.ts';

/** Edits of one dashboard in Grafana, as a change of its definition. */
export interface Pulled {
  readonly uid: string;
  readonly title: string;
  /** Who saved it last, as far as Grafana says. */
  readonly savedBy: string | undefined;
  /** Everything that differs, in the words of the review. */
  readonly changes: readonly Change[];
  /** Edits of values that a definition holds as literals, so that they can be changed there. */
  readonly edits: readonly Edit[];
  /** Work left for a person: values that are made by code, problems of expressions, what definitions cannot say. */
  readonly notes: readonly string[];
}

/** Both sides of the comparison. */
export interface PullInput {
  readonly edits: readonly HandEdit[];
  readonly built: readonly BuiltDashboard[];
  readonly sources: Sources;
  readonly vocabulary: Vocabulary;
}

const panelsOf = ({ panels = [] }: Dashboard): Panel[] =>
  panels.flatMap((panel) =>
    panel.type === 'row' ? ((panel as { panels?: Panel[] }).panels ?? []) : [panel as Panel],
  );

const quoted = (value: string | number): string => (typeof value === 'number' ? String(value) : `"${value}"`);

/** The literal's edit, or what a person has to change because it is made by code. */
function editOrNote(subject: Subject, name: string, wanted: Wanted, sources: Sources): Edit | string {
  const edit = locate(subject, wanted, sources);
  if (edit) return edit;
  const file = subject.files[0] ?? 'dashboards/';
  return `${name}: ${wanted.key} ${quoted(wanted.before)} becomes ${quoted(wanted.after)}; the definition does not say it as a literal, change it by hand (${file})`;
}

/** Problems of an expression that was written in Grafana; it has to be taken over by hand. */
function expressionNotes(
  name: string,
  before: Panel,
  after: Panel,
  input: PullInput,
  built: BuiltDashboard | undefined,
): string[] {
  type Target = { readonly refId?: string; readonly expr?: string };
  const old = new Map(((before.targets ?? []) as Target[]).map((t) => [t.refId, t.expr]));
  return ((after.targets ?? []) as Target[]).flatMap(({ refId, expr }) => {
    if (!expr || old.get(refId) === expr) return [];
    const problems = queryProblems(expr, built ? promqlVariables(built) : [], input.vocabulary);
    return [
      `${name}: query ${refId} is made by code; write it as ${expr}`,
      ...problems.map((p) => `${name}: query ${refId}: ${p.message} ${p.fix ?? ''}`.trim()),
    ];
  });
}

function pullOne(edit: HandEdit, input: PullInput): Pulled {
  const [before, after] = [edit.defined, edit.there] as unknown as [Dashboard, Dashboard];
  const built = input.built.find((b) => b.definition.uid === edit.uid);
  const own = built ? [projectPath(built.definition.source)] : [];
  const all = [...input.sources.keys()];
  const dashboard: Subject = { key: 'description', value: before.description ?? '', files: [...own, ...all] };
  const results: (Edit | string)[] = dashboardValues(before, after).map((wanted) =>
    editOrNote(dashboard, 'dashboard', wanted, input.sources),
  );
  const notes: string[] = [...edit.lost.map((what) => `${what}: a definition cannot say it`)];
  const others = new Map(panelsOf(after).map((panel) => [panel.id, panel]));
  for (const panel of panelsOf(before)) {
    const other = others.get(panel.id);
    if (other === undefined) continue;
    const title = panel.title ?? '';
    const row = built?.panels.find((p) => p.panel.id === panel.id)?.row.source;
    const subject: Subject = {
      key: 'title',
      value: title,
      files: [...(row ? [projectPath(row)] : []), ...all],
    };
    const name = `panel "${title}"`;
    results.push(
      ...panelValues(panel, other).map((wanted) => editOrNote(subject, name, wanted, input.sources)),
    );
    notes.push(...expressionNotes(name, panel, other, input, built));
    if (panel.title !== other.title)
      notes.push(
        `${name}: a panel's id follows its title, so the first provision after the build needs --force`,
      );
  }
  const snapshot = (d: Dashboard) => ({
    dashboards: new Map([[edit.uid, d]]),
    rules: new Map(),
    alertmanager: undefined,
    hashes: new Map(),
  });
  return {
    uid: edit.uid,
    title: edit.title,
    savedBy: edit.savedBy,
    changes: differences(snapshot(before), snapshot(after)),
    edits: results.filter((one) => typeof one !== 'string'),
    notes: [...notes, ...results.filter((one) => typeof one === 'string')],
  };
}

/** Edits in Grafana as changes of the definitions. Pure. */
export const pull = (input: PullInput): Pulled[] => input.edits.map((edit) => pullOne(edit, input));

/** The source files that change, with their new texts. */
export function changedSources(pulled: readonly Pulled[], sources: Sources): Map<string, string> {
  const edits = pulled.flatMap((one) => one.edits);
  const files = [...new Set(edits.map(({ file }) => file))].sort();
  return new Map(
    files.map((file) => [
      file,
      edited(
        sources.get(file) ?? '',
        edits.filter((e) => e.file === file),
      ),
    ]),
  );
}
