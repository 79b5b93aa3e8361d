/** The networks by name; start with {@link io.github.facemask.catalog.Backbones}. */
package io.github.facemask.catalog;
