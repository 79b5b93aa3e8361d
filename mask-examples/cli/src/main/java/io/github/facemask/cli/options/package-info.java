/** Options that commands share; start with {@link io.github.facemask.cli.options.DataOptions}. */
package io.github.facemask.cli.options;
