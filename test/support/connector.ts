import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { setStage, STAGE, type Stage, type StageOptions } from '../../src/simulators/stage.ts';
import { certificates } from './certificates.ts';
import { type Owner, temporaryDirectory } from './temporary-directory.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout and stderr. */
  readonly output: string;
}

export interface ConnectorOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: 'qualys_connector' | 'process-multiple';
  /** A command that is to run it, with its words. */
  readonly inside?: readonly string[];
  /** Gets the process as soon as it runs. */
  readonly meanwhile?: (child: ReturnType<typeof spawn>) => void;
}

/** The real command's file. */
export function programPath(command = 'qualys_connector'): string {
  return fileURLToPath(new URL(`../../bin/${command}.js`, import.meta.url));
}

/** Runs the real command in a process of its own, in an environment like cron's. */
export async function connector(args: readonly string[], options: ConnectorOptions = {}): Promise<Ended> {
  const coverage = process.env.NODE_V8_COVERAGE;
  const words = [...(options.inside ?? []), process.execPath, programPath(options.command), ...args];
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: options.cwd,
    env: {
      PATH: process.env.PATH,
      PKCS12_PASSWORD: STAGE.pkcs12Password,
      ...(coverage && { NODE_V8_COVERAGE: coverage }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.meanwhile?.(child);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code, signal, stdout, stderr, output: stdout + stderr };
}

/** For `meanwhile`: sends a signal once the output has said something. */
export function signalAfter(said: string, signal: NodeJS.Signals) {
  return (child: ReturnType<typeof spawn>): void => {
    let output = '';
    child.stdout?.on('data', function listen(this: Readable, data: Buffer) {
      output += String(data);
      if (!output.includes(said)) return;
      this.off('data', listen);
      child.kill(signal);
    });
  };
}

export interface TestStage extends Stage {
  readonly directory: string;
  /** The options that reach the simulated Management Center with the simulated account. */
  readonly toServer: readonly string[];
  readonly plugininfo: string;
}

/** Both simulated servers and a directory of the test's own, until the test ends. */
export async function stageFor(t: Owner, options: Omit<StageOptions, 'directory'> = {}): Promise<TestStage> {
  const directory = await temporaryDirectory(t);
  const stage = await setStage({ certificates, pkcs12Iterations: 1, ...options, directory });
  t.after(() => stage.close());
  const plugininfo = `-plugininfo=${stage.files.yaml}`;
  return {
    ...stage,
    directory,
    plugininfo,
    toServer: [
      `-server=${stage.managementCenter.host}`,
      `-port=${stage.managementCenter.port}`,
      `-pkcs12=${stage.files.pkcs12}`,
      plugininfo,
    ],
  };
}
