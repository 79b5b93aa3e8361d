/**
 * The common JSON of model cards; see {@link io.github.facemask.internal.cards.CardJson}. Not part
 * of the public API.
 */
package io.github.facemask.internal.cards;
