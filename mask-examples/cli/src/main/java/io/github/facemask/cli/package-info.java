/**
 * The {@code mask} command, one class a subcommand; start with {@link
 * io.github.facemask.cli.MaskCommand}.
 */
package io.github.facemask.cli;
