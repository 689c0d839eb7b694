"""The models of every room in one place, so that Django finds them under the one app label `appraisal`."""
