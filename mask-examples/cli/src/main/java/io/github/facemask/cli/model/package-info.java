/** Commands that use trained models. */
package io.github.facemask.cli.model;
