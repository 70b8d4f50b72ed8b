/** What people do, as steps that tests are made of. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { en } from '../src/i18n/en';
import { en as lab } from '../src/lab/i18n/en';
import type { Visitor } from './browser';
import { project } from './project';

const PASSWORD = 'correct horse battery staple';

/** Fills in the form that an invitation or the first link leads to. */
export async function makeAccount({ page }: Visitor, name: string, display: string): Promise<void> {
  await page.getByLabel(en.join.name, { exact: true }).fill(name);
  await page.getByLabel(en.join.display, { exact: true }).fill(display);
  await page.getByLabel(en.join.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: en.join.submit }).click();
}

/** Calls the server with a visitor's session, as the page does. */
export async function api(visitor: Visitor, method: string, path: string, body?: unknown): Promise<unknown> {
  const { status, text } = await visitor.page.evaluate(
    async ([method, path, body]) => {
      const headers: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
      const response = await fetch(path!, { method: method!, headers, body });
      return { status: response.status, text: await response.text() };
    },
    [method, path, body === undefined ? null : JSON.stringify(body)],
  );
  if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** Returns a link that lets so many people in. */
export async function invite(owner: Visitor, role: string, uses: number): Promise<string> {
  const made = (await api(owner, 'POST', '/api/invitations', { role, uses, days: 1 })) as { link: string };
  return made.link;
}

export function editor({ page }: Visitor) {
  return page.getByRole('textbox', { name: lab.editor.label });
}

/** Puts a program into the editor in place of what stands there, and waits until it is saved. */
export async function write(visitor: Visitor, program: string): Promise<void> {
  await editor(visitor).click();
  await visitor.page.keyboard.press('Control+A');
  await visitor.page.keyboard.insertText(program);
  await visitor.page.getByText(lab.save.saved).waitFor();
}

export async function submit({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: lab.actions.submit, exact: true }).click();
}

/** Waits until what was started is over. */
export async function ended({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: lab.actions.stop }).waitFor();
  await page.getByRole('button', { name: lab.actions.run, exact: true }).waitFor({ timeout: 90_000 });
}

/** Waits for the verdict of the submission that was just made. */
export async function verdict({ page }: Visitor, ...either: string[]): Promise<void> {
  await page.getByRole('button', { name: lab.actions.stop }).waitFor({ state: 'detached', timeout: 90_000 });
  await page.getByRole('tab', { name: lab.views.verdict }).click();
  let found = page.locator('.verdict header').getByText(either[0]!, { exact: true });
  for (const text of either.slice(1)) found = found.or(page.locator('.verdict header').getByText(text, { exact: true }));
  await found.first().waitFor({ timeout: 90_000 });
}

/** Returns one of a lab's known wrong answers. */
export async function mutant(unit: string): Promise<string> {
  const folder = project('courses/zero-to-large-models', unit, 'mutants');
  const [first] = (await readdir(folder)).sort();
  return await readFile(join(folder, first!), 'utf8');
}

/** A training of some ten seconds. */
export const slowTraining = `import time

import torch

w = torch.zeros(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
for step in range(200):
    optimizer.zero_grad()
    loss = ((w - torch.tensor([1.0, 2.0, 3.0])) ** 2).sum()
    loss.backward()
    optimizer.step()
    if step % 50 == 0:
        print(f"step {step} of the slow training", flush=True)
    time.sleep(0.04)
print("the slow training is over")
`;

export const smallNetwork = `import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, y = torch.randn(64, 8), torch.randint(0, 3, (64,))
for step in range(200):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
`;
