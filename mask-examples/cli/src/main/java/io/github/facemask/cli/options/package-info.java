/**
 * Options that commands share, and what they stand for; start with {@link
 * io.github.facemask.cli.options.DataOptions}.
 */
package io.github.facemask.cli.options;
