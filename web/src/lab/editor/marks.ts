/** Which lines of a program something is to be said about: by the exception that ended it, or by its grade. */

import type { Text } from '../run/frames';
import type { Run } from '../run/run';
import { diffLines } from './diff';

export interface LineMark {
  line: number;
  severity: 'error' | 'warning';
  message: Text;
}

export function marksOf(run: Pick<Run, 'report' | 'grade'>): LineMark[] {
  const marks: LineMark[] = [];
  const exception = run.report?.exception;
  if (exception?.line) {
    const said = exception.message ? `${exception.class}: ${exception.message}` : exception.class;
    marks.push({ line: exception.line, severity: 'error', message: { zh: said, en: said } });
  }
  for (const check of run.grade?.tests ?? []) {
    if (check.line === null || check.status === 'pass') continue;
    if (marks.some((mark) => mark.line === check.line && mark.severity === 'error' && exception)) continue;
    marks.push({
      line: check.line,
      severity: check.status === 'fail' ? 'warning' : 'error',
      message: {
        zh: `${check.title.zh}：${check.message.zh}`,
        en: `${check.title.en}: ${check.message.en}`,
      },
    });
  }
  for (const mistake of run.grade?.mistakes ?? []) {
    if (mistake.line !== null)
      marks.push({ line: mistake.line, severity: 'warning', message: mistake.message });
  }
  return marks;
}

/** Returns where a line of the text that was sent is now; null where it was changed or removed. */
export function lineNow(sent: string, now: string, line: number): number | null {
  if (sent === now) return line;
  return diffLines(sent, now).find((entry) => entry.kind === 'same' && entry.before === line)?.after ?? null;
}
