import type { GrafanaTheme2, InterpolateFunction } from '@grafana/data';
import { useEffect, useMemo, useState } from 'react';
import type { Surroundings } from '../../model/builtins.ts';
import type { Panel } from '../../model/dashboard.ts';
import { panelConfig } from '../data/config.ts';
import { type Answers, askPanel, type Prepared, prepare } from '../data/panelData.ts';
import { replacer } from '../data/replace.ts';
import { ask } from '../data/server.ts';
import type { AnyKind } from '../panels/types.ts';
import { busy, settled } from './ready.ts';

/** What a panel draws with. */
export interface PanelData {
  readonly prepared: Prepared | undefined;
  readonly loading: boolean;
  readonly replace: InterpolateFunction;
  readonly config: ReturnType<typeof panelConfig>;
}

const nothing: AnyKind = { options: {}, view: () => null };

/** Asks a panel's queries whenever its surroundings change, and prepares the answers anew when the theme does. */
export function usePanelData(
  panel: Panel,
  kind: AnyKind | undefined,
  around: Surroundings,
  theme: GrafanaTheme2,
): PanelData {
  const [answers, setAnswers] = useState<Answers>();
  const [prepared, setPrepared] = useState<Prepared>();
  const [loading, setLoading] = useState(true);
  const name = `panel ${panel.id}`;
  const replace = useMemo(() => replacer(around), [around]);
  const config = useMemo(() => panelConfig(panel, kind ?? nothing), [panel, kind]);

  useEffect(() => {
    let current = true;
    busy(name);
    setLoading(true);
    void askPanel(panel, around, ask).then((found) => current && setAnswers(found));
    return () => {
      current = false;
    };
  }, [panel, around, name]);

  useEffect(() => {
    if (!answers) return;
    let current = true;
    const { fieldConfig } = config;
    prepare(answers, { panel, fieldConfig, theme, replace, timeZone: around.timeZone ?? 'utc' })
      .catch((error: Error): Prepared => ({ frames: [], errors: [...answers.errors, error.message] }))
      .then((found) => {
        if (!current) return;
        setPrepared(found);
        setLoading(false);
      });
    return () => {
      current = false;
    };
  }, [answers, config, panel, theme, replace, around]);

  useEffect(() => {
    if (!loading) settled(name);
    return () => settled(name);
  }, [loading, name]);
  return { prepared, loading, replace, config };
}
