/** Commands that train, list, resume and reproduce runs. */
package io.github.facemask.cli.train;
