import { Combobox, type ComboboxOption, Input, MultiCombobox } from '@grafana/ui';
import { useState } from 'react';
import { allMarker, type Chosen, type ResolvedVariable } from '../../../src/panels/index.ts';

interface OneProps {
  readonly resolved: ResolvedVariable;
  readonly id: string;
  readonly onChange: (values: readonly string[]) => void;
}

const valuesOf = ({ value }: ResolvedVariable): string[] => {
  if (value.all) return [allMarker];
  return typeof value.value === 'string' ? [value.value] : [...value.value];
};

function optionsOf({ variable, options, value }: ResolvedVariable): ComboboxOption[] {
  const all = variable.includeAll ? [{ label: 'All', value: allMarker }] : [];
  const listed = options.map((o) => ({ label: o.text, value: o.value }));
  const known = new Set([...all, ...listed].map((o) => o.value));
  const extra = value.all
    ? []
    : valuesOf({ variable, options, value }).filter((v) => v !== '' && !known.has(v));
  return [...all, ...listed, ...extra.map((v) => ({ label: v, value: v }))];
}

function TextBox({ resolved, id, onChange }: OneProps) {
  const [text, setText] = useState(valuesOf(resolved)[0] ?? '');
  const commit = (): void => onChange([text]);
  return (
    <Input
      id={id}
      width={24}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

/** "All" and single values exclude each other: the last choice wins. */
function exclusive(before: readonly string[], after: readonly string[]): readonly string[] {
  if (!after.includes(allMarker) || after.length === 1) return after;
  return before.includes(allMarker) ? after.filter((v) => v !== allMarker) : [allMarker];
}

function One(props: OneProps) {
  const { resolved, id, onChange } = props;
  const values = valuesOf(resolved);
  const options = optionsOf(resolved);
  const width = { width: 'auto', minWidth: 12, maxWidth: 40 } as const;
  if (resolved.variable.type === 'textbox') return <TextBox key={values[0]} {...props} />;
  if (resolved.variable.multi)
    return (
      <MultiCombobox
        id={id}
        {...width}
        options={options}
        value={values}
        onChange={(chosen) =>
          onChange(
            exclusive(
              values,
              chosen.map((o) => o.value),
            ),
          )
        }
      />
    );
  return (
    <Combobox
      id={id}
      {...width}
      options={options}
      value={values[0] ?? null}
      createCustomValue={resolved.variable.allowCustomValue === true}
      onChange={(option) => onChange([option.value])}
    />
  );
}

interface Props {
  readonly variables: readonly ResolvedVariable[];
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
}

/** The variables that a dashboard shows, each with its dropdown. */
export function Variables({ variables, chosen, onChange }: Props) {
  const shown = variables.filter(({ variable }) => (variable.hide ?? 0) < 2 && variable.type !== 'constant');
  return (
    <div className="preview-variables">
      {shown.map((resolved) => {
        const { variable } = resolved;
        const id = `variable-${variable.name}`;
        return (
          <div key={variable.name} className="preview-variable">
            <label
              htmlFor={id}
              className={variable.hide === 1 ? 'preview-hidden' : undefined}
              title={variable.description}
            >
              {variable.label || variable.name}
            </label>
            <One
              {...{ resolved, id }}
              onChange={(values) => onChange({ ...chosen, [variable.name]: values })}
            />
          </div>
        );
      })}
    </div>
  );
}
