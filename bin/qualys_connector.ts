#!/usr/bin/env node
import { start } from '../src/start.ts';

start({ name: 'qualys_connector', multiple: false });
