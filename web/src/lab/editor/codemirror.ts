/**
 * The editor itself. This file and what it imports are loaded after the task can be read.
 *
 * It lives in a shadow root: there CodeMirror brings its styles by CSSOM, which the content security policy allows,
 * and not by a style element, which it does not.
 */

import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
  undo,
} from '@codemirror/commands';
import { python, pythonLanguage } from '@codemirror/lang-python';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, Prec, type Extension } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  hoverTooltip,
  keymap,
  lineNumbers,
  rectangularSelection,
  type Tooltip,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';

import type { EditorHandle, File } from '../workbench.svelte';
import { docstring } from './docstring';
import type { LibraryName, Names, Suggestion } from './names';

export interface Words {
  label: string;
  /** CodeMirror's own phrases, by their English text. */
  phrases: Record<string, string>;
  tag: string;
}

export interface EditorOptions {
  parent: ShadowRoot;
  texts: Record<File, string>;
  file: File;
  words: Words;
  onChange: (text: string) => void;
  onRun: () => void;
  onSubmit: () => void;
  names: () => Promise<Names>;
}

export interface Mark {
  line: number;
  severity: 'error' | 'warning';
  message: string;
}

export interface Editor extends EditorHandle {
  mark(marks: Mark[]): void;
  say(words: Words): void;
  destroy(): void;
}

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--code-number)' },
  { tag: [tags.comment], color: 'var(--code-comment)', fontStyle: 'italic' },
  {
    tag: [
      tags.definition(tags.variableName),
      tags.function(tags.definition(tags.variableName)),
      tags.className,
    ],
    color: 'var(--code-name)',
  },
  { tag: tags.invalid, color: 'var(--bad)' },
]);

const look = EditorView.theme({
  '&': {
    height: '100%',
    fontSize: 'var(--text-s)',
    color: 'var(--code-ink)',
    backgroundColor: 'var(--surface)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--ink)', paddingBlock: 'var(--space-2)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--ink-faint)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '.cm-activeLineGutter': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)',
    color: 'var(--ink)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 26%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--accent) 15%, transparent)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'color-mix(in srgb, var(--good) 24%, transparent)',
    outline: 'none',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--bad-soft)', outline: 'none' },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-m)',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  // The documentation stands beside the list, outside of its box.
  '.cm-tooltip.cm-tooltip-autocomplete': { overflow: 'visible' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '2px var(--space-2)', lineHeight: '1.6' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.8', fontStyle: 'normal' },
  '.cm-tooltip.cm-completionInfo': { padding: '0', maxWidth: 'min(26rem, 60vw)' },
  '.doc': {
    padding: 'var(--space-3)',
    maxWidth: 'min(32rem, 88vw)',
    maxHeight: '18rem',
    overflow: 'auto',
    fontFamily: 'var(--sans)',
    fontSize: 'var(--text-s)',
    lineHeight: '1.5',
  },
  '.doc :is(pre, code)': { fontFamily: 'var(--mono)', fontSize: 'var(--text-xs)' },
  '.doc pre': { margin: 'var(--space-2) 0 0', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.doc pre:not(.head)': { padding: 'var(--space-2)', backgroundColor: 'var(--sunken)' },
  '.doc .head': { margin: '0', fontWeight: '600' },
  '.doc p': { margin: 'var(--space-2) 0 0' },
  '.cm-diagnostic': {
    padding: 'var(--space-2) var(--space-3)',
    fontFamily: 'var(--sans)',
    maxWidth: 'min(32rem, 88vw)',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
  '.cm-diagnostic-warning': { borderLeft: '4px solid var(--warn)' },
  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1.5px',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
    paddingBottom: '0',
  },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warn)' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-s)',
    color: 'var(--ink)',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-s)',
    color: 'var(--ink)',
  },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--warn) 30%, transparent)' },
  '.cm-searchMatch-selected': { backgroundColor: 'color-mix(in srgb, var(--warn) 55%, transparent)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--sunken)',
    border: '1px solid var(--line)',
    color: 'var(--ink-soft)',
  },
});

export function createEditor(options: EditorOptions): Editor {
  const words = new Compartment();
  const spoken = (said: Words): Extension => [
    EditorState.phrases.of(said.phrases),
    EditorView.contentAttributes.of({
      'aria-label': said.label,
      // It is in the tab order by itself; this says so to tools that do not know.
      tabindex: '0',
      lang: 'en',
      spellcheck: 'false',
      autocorrect: 'off',
      autocapitalize: 'off',
    }),
  ];
  const own = keymap.of([
    { key: 'Mod-Enter', run: () => (options.onRun(), true) },
    { key: 'Mod-Shift-Enter', run: () => (options.onSubmit(), true) },
  ]);
  let said = options.words;
  const extensions = (): Extension => [
    words.of(spoken(said)),
    Prec.highest(own),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    foldGutter(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(4),
    indentUnit.of('    '),
    indentOnInput(),
    syntaxHighlighting(colors),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false }),
    rectangularSelection(),
    crosshairCursor(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    lintGutter(),
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    python(),
    pythonLanguage.data.of({
      autocomplete: (context: CompletionContext) => complete(context, options.names),
    }),
    hover(options.names),
    look,
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
    }),
  ];
  const begin = (file: File) => EditorState.create({ doc: options.texts[file], extensions: extensions() });
  const view = new EditorView({ root: options.parent, parent: options.parent, state: begin(options.file) });
  let shown = options.file;
  const others = new Map<File, EditorState>();

  return {
    open(file) {
      if (file === shown) return;
      others.set(shown, view.state);
      view.setState(others.get(file) ?? begin(file));
      shown = file;
      view.dispatch({ effects: words.reconfigure(spoken(said)) });
    },
    text: () => view.state.doc.toString(),
    replace(text) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: 0 },
        annotations: isolateHistory.of('full'),
        scrollIntoView: true,
      });
    },
    undo: () => void undo(view),
    goTo(line) {
      const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({
        selection: { anchor: at.from + (/^\s*/.exec(at.text)?.[0].length ?? 0) },
        effects: EditorView.scrollIntoView(at.from, { y: 'center' }),
      });
      view.focus();
    },
    focus: () => view.focus(),
    mark(marks) {
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.flatMap((mark) => diagnostic(view.state, mark)),
        ),
      );
    },
    say(next) {
      said = next;
      view.dispatch({ effects: words.reconfigure(spoken(said)) });
    },
    destroy: () => view.destroy(),
  };
}

/** Underlines a line from its first letter to its last. */
function diagnostic(state: EditorState, mark: Mark): Diagnostic[] {
  if (mark.line < 1 || mark.line > state.doc.lines) return [];
  const line = state.doc.line(mark.line);
  const code = line.text.replace(/\s+$/, '');
  const from = line.from + (/^\s*/.exec(code)?.[0].length ?? 0);
  return [
    { from, to: Math.max(from, line.from + code.length), severity: mark.severity, message: mark.message },
  ];
}

async function complete(
  context: CompletionContext,
  load: () => Promise<Names>,
): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (/^\s*#|["'][^"']*$/.test(before)) return null;

  const fromImport = /^\s*from\s+([\w.]+)\s+import\s+(?:[\w\s,]*,\s*)?(\w*)$/.exec(before);
  const importing = /^\s*(?:import|from)\s+([\w.]*)$/.exec(before);
  const member = /([A-Za-z_][\w.]*(?:\([^()]*\)|\[[^[\]]*\])?)\.(\w*)$/.exec(before);
  const word = /(?:^|[^\w.])([A-Za-z_]\w*)$/.exec(before);
  if (!fromImport && !importing && !member && !word && !context.explicit) return null;

  const names = await load().catch(() => null);
  if (!names || context.aborted) return null;
  const program = context.state.doc.toString();
  if (fromImport)
    return result(context.pos - (fromImport[2] ?? '').length, names.importable(fromImport[1] ?? ''));
  if (importing) {
    const typed = importing[1] ?? '';
    return {
      from: context.pos - typed.length,
      options: names.modules('').map((label) => ({ label, type: 'namespace' })),
      validFor: /^[\w.]*$/,
    };
  }
  if (member) return result(context.pos - (member[2] ?? '').length, names.after(member[1] ?? '', program));
  return word ? result(context.pos - (word[1] ?? '').length, names.imported(program)) : null;
}

function result(from: number, list: Suggestion[]): CompletionResult | null {
  if (list.length === 0) return null;
  return {
    from,
    validFor: /^\w*$/,
    options: list.map(({ label, entry, rank }): Completion => ({
      label,
      type: entry.kind,
      boost: rank,
      ...(entry.signature ? { detail: shortened(entry.signature) } : {}),
      ...(entry.doc || entry.signature ? { info: () => documentation(entry) } : {}),
    })),
  };
}

function shortened(signature: string): string {
  const parameters = signature.slice(Math.max(0, signature.indexOf('(')));
  return parameters.length > 48 ? `${parameters.slice(0, 47)}…` : parameters;
}

function documentation(entry: LibraryName): HTMLElement {
  const element = document.createElement('div');
  element.className = 'doc';
  element.lang = 'en';
  const head = document.createElement('pre');
  const name = entry.name.slice(entry.name.lastIndexOf('.') + 1);
  head.textContent = entry.signature?.startsWith('(')
    ? name + entry.signature
    : entry.signature || entry.name;
  head.className = 'head';
  element.append(head);
  for (const part of docstring(entry.doc ?? '')) {
    const block = document.createElement(part.kind === 'program' ? 'pre' : 'p');
    if (part.kind === 'program') block.textContent = part.text;
    else {
      for (const piece of part.pieces) {
        const text = document.createElement(piece.code ? 'code' : 'span');
        text.textContent = piece.text;
        block.append(text);
      }
    }
    element.append(block);
  }
  return element;
}

function hover(load: () => Promise<Names>): Extension {
  return hoverTooltip(
    async (view, position): Promise<Tooltip | null> => {
      const line = view.state.doc.lineAt(position);
      for (const match of line.text.matchAll(/[A-Za-z_][\w.]*\w|[A-Za-z_]/g)) {
        const from = line.from + match.index;
        const to = from + match[0].length;
        if (position < from || position > to) continue;
        // Of `torch.nn.Linear`, what the pointer is on and all before it.
        const rest = match[0].slice(position - from).indexOf('.');
        const path = rest < 0 ? match[0] : match[0].slice(0, position - from + rest);
        const names = await load().catch(() => null);
        const entry = names?.lookUp(path, view.state.doc.toString());
        if (!entry || !(entry.doc || entry.signature)) return null;
        return {
          pos: from,
          end: from + path.length,
          above: true,
          create: () => ({ dom: documentation(entry) }),
        };
      }
      return null;
    },
    { hideOnChange: true },
  );
}
