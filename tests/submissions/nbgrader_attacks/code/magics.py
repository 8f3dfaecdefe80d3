# Code outside Python: shell lines, cell magics and scripts that IPython would run.
!touch hw1_attack_was_here && cat ../../../gradebook.db
%env NBGRADER_EXECUTION=validate
%run ../../../source/hw1/hw1.ipynb
%load_ext autoreload
%%javascript
window.hw1_owned = true
