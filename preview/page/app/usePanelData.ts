import type { GrafanaTheme2, InterpolateFunction } from '@grafana/data';
import { useEffect, useMemo, useState } from 'react';
import { type Panel, panelKey, type Surroundings } from '../../../src/panels/index.ts';
import { panelConfig } from '../data/config.ts';
import { type Answers, askPanel, type Prepared, prepare } from '../data/panelData.ts';
import { replacer, scoped } from '../data/replace.ts';
import { ask } from '../data/server.ts';
import type { AnyKind } from '../panels/types.ts';
import { useBusy } from './ready.ts';

/** Inputs of a panel's drawing. */
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
  const [answers, setAnswers] = useState<Answers & { readonly around: Surroundings }>();
  const [prepared, setPrepared] = useState<
    Prepared & { readonly answers: Answers; readonly theme: GrafanaTheme2 }
  >();
  const replace = useMemo(() => replacer(scoped(around, panel)), [around, panel]);
  const config = useMemo(() => panelConfig(panel, kind ?? nothing), [panel, kind]);

  useEffect(() => {
    let current = true;
    void askPanel(panel, around, ask).then((found) => current && setAnswers({ ...found, around }));
    return () => {
      current = false;
    };
  }, [panel, around]);

  useEffect(() => {
    if (!answers) return;
    let current = true;
    const { fieldConfig } = config;
    prepare(answers, { panel, fieldConfig, theme, replace, timeZone: around.timeZone ?? 'utc' })
      .catch((error: Error): Prepared => ({ frames: [], errors: [...answers.errors, error.message] }))
      .then((found) => current && setPrepared({ ...found, answers, theme }));
    return () => {
      current = false;
    };
  }, [answers, config, panel, theme, replace, around]);

  const loading = answers?.around !== around || prepared?.answers !== answers || prepared.theme !== theme;
  useBusy(`panel ${panelKey(panel)}`, loading);
  return { prepared, loading, replace, config };
}
