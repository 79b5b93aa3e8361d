/**
 * Models of one architecture whose weights are averaged into one model, which costs no more than
 * one to run; start with {@link io.github.facemask.soup.ModelSoup}.
 */
package io.github.facemask.soup;
