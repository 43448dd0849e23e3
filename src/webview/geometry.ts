export * from '../protocol/charts';
