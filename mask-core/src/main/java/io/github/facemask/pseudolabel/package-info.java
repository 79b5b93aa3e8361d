/**
 * Photos whose class a model guessed, to train on but never to judge by; start with {@link
 * io.github.facemask.pseudolabel.PseudoLabels}.
 */
package io.github.facemask.pseudolabel;
