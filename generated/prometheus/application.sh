# The application, as the pipeline file has it. Read by railway/prometheus/start.sh.
application_job='relay-production'
application_target='relay-production-f2a6.up.railway.app'
application_scheme='https'
