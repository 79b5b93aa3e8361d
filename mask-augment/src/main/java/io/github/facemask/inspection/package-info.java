/**
 * What photos look like: sizes, light, sharpness, twins and what a person should look at; start
 * with {@link io.github.facemask.inspection.PhotoInspection}.
 */
package io.github.facemask.inspection;
