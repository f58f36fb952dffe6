/** The one door to @peculiar/x509, whose container needs reflect-metadata loaded before it. */
import 'reflect-metadata';

export * from '@peculiar/x509';
