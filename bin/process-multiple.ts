#!/usr/bin/env node
import { start } from '../src/start.ts';

start({ name: 'process-multiple', multiple: true });
