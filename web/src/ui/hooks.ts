/** What components need to know of the browser. */
export { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
