/** Boxes that put things beside and below each other. */
export { Box, Group, Paper, Stack, ScrollArea, VisuallyHidden } from '@mantine/core';
