package io.github.facemask.dataset;

/** Which photos a reader takes to show one person. */
public enum PersonKey {
  /**
   * Those of one folder, the {@code path} column. Right for the competition's data: its suffixed
   * ids and its doubled id are usually different people.
   */
  PATH,
  /**
   * Those whose ids are equal up to a suffix such as {@code -1}. Safer where suffixes may mean the
   * same person again: it can only keep more photos together.
   */
  BASE_ID
}
