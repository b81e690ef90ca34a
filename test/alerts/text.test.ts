import { describe, expect, it } from 'vitest';
import {
  each,
  label,
  labelInUrl,
  lookup,
  lookupValue,
  type Text,
  text,
  value,
} from '../../src/alerts/text.ts';
import { filledIn, labelsOf, queriesOf, wordsOf } from '../../src/alerts/text-parts.ts';
import { metric, oneOf, Vector } from '../../src/metrics/index.ts';

const which = { environment: oneOf('environment'), deployment_id: oneOf('deployment_id') } as const;

describe('a sentence', () => {
  it('is a Go template with the labels and the value of the alert', () => {
    const sentence = text`Deployment ${label('deployment_id')} took ${value('duration')}`;
    expect(sentence.template).toBe(
      'Deployment {{ $labels.deployment_id }} took {{ $value | humanizeDuration }}',
    );
  });

  it('escapes labels in addresses', () => {
    expect(labelInUrl('deployment_id').template).toBe('{{ $labels.deployment_id | urlquery }}');
  });

  it('lets Go quote the labels that it puts into a query', () => {
    const answer = lookup({
      query: metric('deployment_info', which),
      label: 'run_url',
      otherwise: 'unknown',
    });
    expect(answer.template).toBe(
      '{{ with printf `deployment_info{environment=%[1]q,deployment_id=%[2]q}` $labels.environment $labels.deployment_id | query }}{{ . | first | label "run_url" }}{{ else }}unknown{{ end }}',
    );
  });

  it('asks a query without labels as it is', () => {
    const answer = lookupValue(
      { query: metric('environment:deployments_active:count'), otherwise: 'none' },
      0,
    );
    expect(answer.template).toContain('{{ with query `environment:deployments_active:count` }}');
  });

  it('keeps percent signs of a query', () => {
    const answer = lookupValue(
      { query: new Vector('time() % 60 == bool up{environment="$environment"}'), otherwise: '' },
      0,
    );
    expect(answer.template).toContain('printf `time() %% 60 == bool up{environment=%[1]q}`');
  });

  it('says one thing for each row, sorted, or something else', () => {
    const answer = each(
      { query: metric('smoke_test_error_info', which), by: 'test_name', otherwise: 'nothing' },
      (row) => text`${row.label('test_name')}${row.optional(': ', 'message')}`,
    );
    expect(answer.template).toContain(
      '| sortByLabel "test_name" }}{{ if $i }}; {{ end }}{{ $row.Labels.test_name }}',
    );
    expect(answer.template).toMatch(/\{\{ else \}\}nothing\{\{ end \}\}$/);
  });

  it('quotes a query that holds what Go would end it at', () => {
    const answer = lookupValue({ query: new Vector('up{job="`"}'), otherwise: '' }, 0);
    expect(answer.template).toContain('query "up{job=\\"`\\"}"');
  });

  it('knows its words, its queries, and the labels that it needs', () => {
    const sentence = text`In ${label('environment')}: ${each(
      { query: metric('smoke_test_error_info', which), by: 'test_name', otherwise: 'none' },
      (row) => text`${row.label('test_name')}${row.optional(': ', 'message')}`,
    )}`;
    expect(wordsOf(sentence.parts).filter((w) => w !== '')).toEqual(['In ', ': ', '; ', 'none', ': ']);
    expect(labelsOf(sentence.parts)).toEqual(['environment', 'deployment_id']);
    expect(queriesOf(sentence.parts)).toEqual([metric('smoke_test_error_info', which).text]);
    expect(
      filledIn(text`${label('environment')}/${labelInUrl('slo')}`.parts, { environment: 'a', slo: 'b c' }),
    ).toBe('a/b%20c');
  });
});

describe('the types', () => {
  it('know which labels a sentence needs', () => {
    const sentence: Text<'environment' | 'slo'> = text`${label('environment')} ${label('slo')}`;
    // @ts-expect-error the sentence needs the label slo as well
    const less: Text<'environment'> = sentence;
    expect(less).toBe(sentence);
  });

  it('know which formats there are', () => {
    // @ts-expect-error words cannot be made of a number
    value('title');
    // @ts-expect-error no label is a number
    label('environment', 'duration');
    expect(true).toBe(true);
  });

  it('keep a row within its sentence', () => {
    const list = { query: metric('smoke_test_error_info', which), by: 'test_name', otherwise: '' } as const;
    let leaked = text``;
    each(list, (row) => {
      // @ts-expect-error there is no row outside of each()
      leaked = row.label('test_name');
      return row.value(0);
    });
    expect(leaked.template).toContain('$row');
  });

  it('know which labels a row has', () => {
    each({ query: metric('smoke_test_error_info', which), by: 'test_name', otherwise: '' }, (row) => {
      // @ts-expect-error smoke tests have no stage
      return row.label('stage');
    });
  });
});
