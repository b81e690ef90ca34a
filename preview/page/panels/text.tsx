import { renderTextPanelMarkdown, textUtil } from '@grafana/data';
import {
  defaultOptions,
  type Options,
} from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type { PanelKind, ViewProps } from './types.ts';

function html({ options, replace }: ViewProps<Options>): string {
  const content = replace(options.content, undefined, 'html');
  switch (options.mode) {
    case 'html':
      return textUtil.sanitizeTextPanelContent(content);
    case 'code':
      return `<pre><code>${textUtil.escapeHtml(replace(options.content))}</code></pre>`;
    default:
      return renderTextPanelMarkdown(content);
  }
}

function TextPanel(props: ViewProps<Options>) {
  return (
    // Sanitised by Grafana's own renderer, as in Grafana.
    <div className="markdown-html preview-text" dangerouslySetInnerHTML={{ __html: html(props) }} />
  );
}

/** Markdown, HTML or code. */
export const text: PanelKind<Options> = { options: defaultOptions, drawsNoData: true, view: TextPanel };
